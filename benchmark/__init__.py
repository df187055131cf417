"""What measures: how fast the training is (``python -m benchmark``), and what a class needs."""
