"""The arithmetic of the viewer's page: every layer's values, computed in a browser."""

import json

import torch


def values_in_page(page, demo, images):
    """Return the values of every layer of the first network of ``demo``, as its page has them.

    Args:
        page: A page of a browser that nothing was loaded into.
        demo: What ``lenet_viewer`` returned.
        images: Pictures, shape (N, channels, height, width).

    Returns:
        The pictures themselves and what each layer makes of them, shape (N, values) each.
    """
    if not page.evaluate("'m' in window"):
        script = demo.page().split('<script type="module">')[1].split("// ---- the page around")[0]
        page.add_script_tag(content=f"{script}\nwindow.m = {{forward, unpack}};", type="module")
        page.wait_for_function("window.m")
    computed = page.evaluate(
        """(text) => {
            const [net, pictures] = JSON.parse(text), unpacked = m.unpack(net);
            return JSON.stringify(pictures.map((p) =>
                m.forward(unpacked, Float32Array.from(p)).map((v) => Array.from(v))));
        }""",
        json.dumps([demo.data["nets"][0], images.flatten(1).tolist()]),
    )
    return [torch.tensor(layer) for layer in zip(*json.loads(computed), strict=True)]
