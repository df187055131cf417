// Scrolling to what is told of, in the page and in every page around it, at once.

// Bring elements into sight, the most important last: where a page is low, that one stays.
export function bringIntoPage(elements) {
  for (const element of elements) element.scrollIntoView({ block: "nearest", inline: "nearest" });
}
