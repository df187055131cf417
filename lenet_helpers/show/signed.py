"""The colours of values around zero: purple below it, white at it, orange above it.

They are those of the viewer's page, ``SIGNED`` in ``web/viewer/colours.js``: a test holds the two
equal.
"""

from __future__ import annotations

from matplotlib.colors import LinearSegmentedColormap

# Red, green and blue, from 0 to 255, at equal steps from the lowest value to the highest.
STOPS = (
    (45, 10, 85),
    (98, 70, 160),
    (165, 155, 208),
    (218, 216, 236),
    (246, 246, 246),
    (252, 220, 178),
    (240, 160, 70),
    (198, 102, 14),
    (110, 48, 2),
)
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [(red / 255, green / 255, blue / 255) for red, green, blue in STOPS]
)
