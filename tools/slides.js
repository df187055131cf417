// Start the slides, and make words, code and demos as large as each slide allows.

// All in pixels.
const BOTTOM = 720 - 44;
const PROSE = [36, 34, 32, 30, 28, 26];
const CODE = [28, 26, 24, 23, 22, 21, 20, 19, 18];

function fitWords(slide) {
  const parts = [...slide.children].filter((part) => part.tagName !== "ASIDE");
  const programs = [...slide.querySelectorAll(":not(.beside) > pre")]; // beside a picture lines may wrap
  const set = (name, size) => slide.style.setProperty(name, `${size}px`);
  const inWidth = () => programs.every((pre) => pre.scrollWidth <= pre.clientWidth);
  const inHeight = () => parts.every((part) =>
    part.offsetTop + part.offsetHeight <= BOTTOM && part.scrollWidth <= part.clientWidth);
  let code = 0; // steps down from the largest
  let prose = 0;
  const apply = () => { set("--prose", PROSE[prose]); set("--code", CODE[code]); };
  apply();
  while (!inWidth() && code < CODE.length - 1) { code++; apply(); }
  while (!inHeight() && (code < CODE.length - 1 || prose < PROSE.length - 1)) {
    // Both come down together: the one that is further from its end first.
    if ((PROSE.length - prose) / PROSE.length > (CODE.length - code) / CODE.length) prose++;
    else if (code < CODE.length - 1) code++;
    else prose++;
    apply();
  }
}

const WIDTHS = [620, 700, 800, 900, 1000, 1160]; // layouts to try, in the demo's own pixels
const LEGIBLE = 1.25; // the demos are written for a desk: at a smaller scale scroll instead

// A demo reaches its height after a moment, so each width is tried for two frames of the screen.
const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

async function fitDemo(frame) {
  const room = frame.parentElement;
  const demo = frame.contentDocument?.getElementById("demo");
  if (!demo || frame.dataset.scale) return;
  frame.dataset.scale = "measuring"; // once is enough
  let best = { scale: LEGIBLE, width: Math.floor(room.clientWidth / LEGIBLE) };
  for (const width of WIDTHS) {
    frame.style.width = `${width}px`;
    await settled();
    const height = demo.getBoundingClientRect().height + 4;
    const scale = Math.min(room.clientWidth / width, room.clientHeight / height);
    if (scale > best.scale) best = { scale, width };
  }
  frame.style.width = `${best.width}px`;
  frame.style.maxHeight = `${Math.floor(room.clientHeight / best.scale)}px`;
  frame.style.transform = `scale(${best.scale})`;
  frame.dataset.scale = best.scale.toFixed(3);
  // Keys pressed in a demo are the demo's; this one leads back to the slides.
  frame.contentDocument.addEventListener("keydown", (event) => {
    if (event.key === "Escape") frame.blur();
  });
}

function show(event) {
  fitWords(event.currentSlide);
  event.currentSlide.querySelectorAll(".demo iframe").forEach(fitDemo);
}
Reveal.on("ready", show);
Reveal.on("slidechanged", show);
Reveal.initialize({
  width: 1280, height: 720, margin: 0, display: "flex", center: false, transition: "none",
  hash: true, slideNumber: "c/t", scrollActivationWidth: null, plugins: [RevealNotes],
});
