"""The training panel: its buttons train, stop, compare, and never lose a run."""

import threading

import pytest
import torch

import lenet_helpers as lh


@pytest.fixture
def batches():
    torch.manual_seed(0)
    return [(torch.rand(20, 1, 28, 28), torch.arange(20) % 10) for _ in range(12)]


@pytest.fixture
def panel(batches):
    made = lh.training_panel(lh.sequential_lenet(), batches, batches[:2], "cpu")
    made.controls.epochs.value = 2
    yield made
    made.halt()
    made.wait(30)


class Gate:
    """Batches that wait, after the first few, until they are let through."""

    def __init__(self, batches):
        self.batches, self.reached, self.open = batches, threading.Event(), threading.Event()

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        for i, batch in enumerate(self.batches):
            if i == 3:
                self.reached.set()
                assert self.open.wait(30)
            yield batch


def test_a_run_of_the_panel_is_one_of_train_ch6(panel, batches, capsys):
    panel.controls.lr.value = 0.5
    panel.controls.start.click()
    panel.wait(60)
    (result,) = panel.results
    assert capsys.readouterr().out == ""  # what it tells is in the panel
    net = lh.sequential_lenet()
    expected = lh.train_ch6(net, batches, batches[:2], 2, 0.5, "cpu", seed=0, plot=False)
    assert [p.train_loss for p in result.history] == [p.train_loss for p in expected.history]
    assert all(
        torch.equal(a, b) for a, b in zip(panel.net.parameters(), net.parameters(), strict=True)
    )
    assert f"<td>{expected.train_loss:.3f}</td>" in panel.table.value
    assert "SGD, learning rate 0.5, 2 epochs" in panel.table.value
    assert "Run 1 has ended" in panel.controls.status.value


def test_the_plot_moves_and_says_in_words_what_it_shows(panel):
    empty = panel.screen.image.value
    panel.controls.start.click()
    panel.wait(60)
    assert bytes(panel.screen.image.value[:4]) == b"\x89PNG"
    assert panel.screen.image.value != empty
    assert "Run 1: SGD, learning rate 0.9, 2 epochs: train loss from" in panel.screen.words.value


def test_stop_keeps_what_was_computed(batches):
    gate = Gate(batches)
    panel = lh.training_panel(lh.sequential_lenet(), gate, batches[:2], "cpu")
    panel.controls.start.click()
    assert gate.reached.wait(30)
    assert panel.controls.start.disabled
    assert not panel.controls.stop.disabled
    panel.controls.stop.click()
    assert "Stopping" in panel.controls.status.value
    gate.open.set()
    panel.wait(60)
    (result,) = panel.results
    assert 0 < result.examples < 12 * 20
    assert "Stopped by you after" in panel.controls.status.value
    assert "<td>not measured</td>" in panel.table.value
    assert not panel.controls.start.disabled


def test_training_on_begins_where_the_last_run_ended(panel):
    panel.controls.start.click()
    panel.wait(60)
    panel.controls.keep.value = True
    panel.controls.start.click()
    panel.wait(60)
    first, second = panel.results
    assert second.history[0].train_loss < first.history[0].train_loss
    assert "from the weights so far" in panel.table.value


def test_an_optimiser_brings_its_usual_rate(panel):
    panel.controls.optimizer.value = "Adam"
    assert panel.controls.lr.value == 0.001
    panel.controls.optimizer.value = "SGD with momentum 0.9"
    panel.controls.start.click()
    panel.wait(60)
    assert "SGD with momentum 0.9, learning rate 0.1" in panel.table.value


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_bad_rate_starts_nothing(panel, rate):
    panel.controls.lr.value = rate
    panel.controls.start.click()
    assert not panel.is_running()
    assert "must be a number above 0" in panel.controls.status.value


def test_a_failure_is_told_and_the_panel_goes_on(batches):
    panel = lh.training_panel(lh.LeNet(), [], batches, "cpu")
    panel.controls.start.click()
    panel.wait(60)
    assert "The run failed. ValueError: train_iter has no batches" in panel.controls.status.value
    assert panel.results == []
    panel.controls.start.click()  # the lock is free again
    panel.wait(60)
    assert "The run failed" in panel.controls.status.value


def test_a_panel_made_anew_stops_the_one_that_nobody_sees(batches):
    gate = Gate(batches)
    hidden = lh.training_panel(lh.sequential_lenet(), gate, batches[:2], "cpu")
    hidden.controls.start.click()
    assert gate.reached.wait(30)
    panel = lh.training_panel(lh.sequential_lenet(), batches, batches[:2], "cpu")
    panel.controls.start.click()
    assert "Another panel was training" in panel.controls.status.value
    gate.open.set()
    hidden.wait(60)
    assert "Stopped by you" in hidden.results[0].notes[0]
    panel.controls.start.click()
    panel.wait(60)
    assert len(panel.results) == 1


def test_an_absent_device_is_named(batches):
    with pytest.raises(ValueError, match="mars"):
        lh.training_panel(lh.LeNet(), batches, batches, "mars")


def test_its_plain_text_is_constant(panel):
    assert repr(panel).endswith("Run this cell to use it.")


def test_drawn_pictures_are_named(batches):
    class Drawn(list):
        source = "drawn stand-in"

    panel = lh.training_panel(lh.sequential_lenet(), Drawn(batches), batches[:2], "cpu")
    panel.controls.epochs.value = 1
    panel.controls.start.click()
    panel.wait(60)
    assert "(drawn stand-in)" in panel.screen.words.value
    assert "(drawn stand-in)" in panel.table.value
