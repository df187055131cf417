"""Whoever goes by keys sees where they are: a ring of 3 pixels that stands out, and is not cut."""

import re

RING = """() => {
    const e = document.activeElement;
    if (e === document.body) return null; // once around
    const style = getComputedStyle(e), r = e.getBoundingClientRect();
    let ground = e.parentElement;
    while (/, 0\\)|transparent/.test(getComputedStyle(ground).backgroundColor))
        ground = ground.parentElement;
    const room = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    const cut = [];
    for (let a = e.parentElement; a !== document.body; a = a.parentElement) {
        if (getComputedStyle(a).overflowX === 'visible') continue;
        const box = a.getBoundingClientRect();
        const left = box.left + a.clientLeft, right = left + a.clientWidth;
        const wide = a.scrollWidth > a.clientWidth; // then it may be out of sight at the right
        if (r.left - room < left - 0.5 || (!wide && r.right + room > right + 0.5))
            cut.push(a.className || a.tagName);
    }
    return {name: `${e.tagName} ${e.getAttribute('class') ?? ''} ${e.textContent.slice(0, 30)}`,
            isRing: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) === 3,
            colours: [style.outlineColor, getComputedStyle(ground).backgroundColor], cut};
}"""


def contrast(one, other):
    """The contrast of two colours, each as three numbers from 0 to 1, as WCAG has it."""

    def luminance(rgb):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def faint_rings(page):
    """Go through ``page`` with the tab key; return how many stops there are, and the bad ones."""
    stops, faint = 0, []
    page.keyboard.press("Tab")
    while ring := page.evaluate(RING):
        page.keyboard.press("Tab")
        stops += 1
        ink, ground = (
            [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
            for colour in ring["colours"]
        )
        if not ring["isRing"] or ring["cut"] or contrast(ink, ground) < 3:
            faint.append(ring)
    return stops, faint
