// What is too wide for the page scrolls in itself, by keys too: then it takes the focus.

const WIDE = "pre, .table, .wide, .prose, .answer, .given, math[display=block]";

/** Let the keys reach what scrolls, whenever its size changes. */
export function startScrolling() {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(WIDE).forEach((place) => observer.observe(place));
}
