// Start the slides, and make words, code and demos as large as each slide allows.

// All in pixels.
const BOTTOM = 720 - 44;
const PROSE = [36, 34, 32, 30, 28, 26];
const PICTURE = [440, 430, 420, 410, 400, 390, 380, 370, 360, 350, 340, 330]; // the least height: words give way
const CODE = [28, 26, 24, 23, 22, 21, 20, 19, 18];

function fitWords(slide) {
  const stands = (part) => part.tagName !== "ASIDE" && getComputedStyle(part).position !== "absolute";
  const parts = [...slide.children].filter(stands);
  const pictures = [...slide.querySelectorAll(".given:not(.beside) > .picture")];
  const programs = [...slide.querySelectorAll(":not(.beside) > pre")]; // beside a picture lines may wrap
  const set = (name, size) => slide.style.setProperty(name, `${size}px`);
  const inWidth = () => programs.every((pre) => pre.scrollWidth <= pre.clientWidth);
  const inHeight = () => parts.every((part) =>
    part.offsetTop + part.offsetHeight <= BOTTOM && part.scrollWidth <= part.clientWidth);
  // As high as its width allows; until it is there its shape is not known.
  const leastOf = (picture, least) =>
    Math.max(PICTURE.at(-1), Math.min(least, picture.clientWidth * picture.naturalHeight / picture.naturalWidth || 0));
  for (const least of pictures.length ? PICTURE : PICTURE.slice(-1)) {
    for (const picture of pictures) picture.style.minHeight = `${leastOf(picture, least)}px`;
    if (shrink({ set, inWidth, inHeight, slide })) return;
  }
}

// Make words and code smaller until all fits; return whether it does.
function shrink({ set, inWidth, inHeight, slide }) {
  let code = 0; // steps down from the largest
  let prose = 0;
  const apply = () => { set("--prose", PROSE[prose]); set("--code", CODE[code]); };
  slide.classList.remove("wrapped");
  apply();
  while (!inWidth() && code < CODE.length - 1) { code++; apply(); }
  slide.classList.toggle("wrapped", !inWidth()); // a line of what a cell gave may be any length
  while (!inHeight() && (code < CODE.length - 1 || prose < PROSE.length - 1)) {
    // Both come down together: the one that is further from its end first.
    if ((PROSE.length - prose) / PROSE.length > (CODE.length - code) / CODE.length) prose++;
    else if (code < CODE.length - 1) code++;
    else prose++;
    apply();
  }
  return inHeight();
}

const WIDTHS = [620, 700, 800, 900, 1000, 1160]; // layouts to try, in the demo's own pixels
const LEGIBLE = 1.25; // the demos are written for a desk: at a smaller scale scroll instead
// What is to be seen without scrolling, of the viewer its pictures and networks: there letters may be
// smaller, down to the last of these scales.
const FIRST = ".lv .picture > *, .lv .nets";
const SMALLER = [LEGIBLE, 1.2, 1.15, 1.1, 1.05];

const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

// A demo reaches its height after a moment: it is measured until two looks agree.
async function heightOf(demo) {
  let last = -1;
  for (let looks = 0; looks < 30; looks++) {
    await twoFrames();
    const height = demo.getBoundingClientRect().height;
    if (height === last) return height;
    last = height;
  }
  return last;
}

// Tell a demo that can be lower than it is on a desk how high it may be.
const allow = (demo, height) => demo.style.setProperty("--room", `${Math.floor(height)}px`);

// Return the width at which all of the demo fits into its room with the largest letters; where it
// does not fit, the scale at which its first part does.
async function bestFit(frame, demo) {
  const room = frame.parentElement;
  let best = { scale: 0 };
  allow(demo, room.clientHeight / LEGIBLE);
  for (const width of WIDTHS) {
    frame.style.width = `${width}px`;
    const height = await heightOf(demo);
    const scale = Math.min(room.clientWidth / width, room.clientHeight / (height + 4));
    if (scale > best.scale) best = { scale, width, height };
  }
  return best.scale > LEGIBLE ? best : partFit(frame, demo);
}

// How far the first part of the demo reaches, in its own pixels.
function endOfFirst(demo) {
  const top = demo.getBoundingClientRect().top;
  const ends = [...demo.querySelectorAll(FIRST)].map((part) => part.getBoundingClientRect().bottom - top);
  return Math.ceil(Math.max(0, ...ends));
}

// Return the largest scale at which the first part of the demo fits into its room.
async function partFit(frame, demo) {
  const { clientWidth, clientHeight } = frame.parentElement;
  let width = 0;
  // A demo looks at its room again when its width changes.
  const endWith = async (height) => {
    allow(demo, height);
    width--;
    frame.style.width = `${width}px`;
    await heightOf(demo);
    return endOfFirst(demo);
  };
  let fit = null;
  for (const scale of SMALLER) {
    const height = clientHeight / scale;
    width = Math.floor(clientWidth / scale);
    const over = Math.max(0, (await endWith(height)) - height);
    if (over > 0) await endWith(height - over);
    fit = { scale, width };
    if (endOfFirst(demo) <= height) return fit;
  }
  return fit;
}

// Give the demo its width and scale, and return the height that they are for.
async function fitDemo(frame, demo) {
  frame.dataset.scale = "measuring";
  let fit = null;
  let now = 0;
  let tries = 0;
  do {
    fit = await bestFit(frame, demo);
    frame.style.width = `${fit.width}px`;
    frame.style.transform = `scale(${fit.scale})`;
    now = await heightOf(demo);
    tries++;
  } while (fit.height && fit.height !== now && tries < 5); // it grew while it was measured
  const room = Math.floor(frame.parentElement.clientHeight / fit.scale);
  // The rest is not cut through the middle of its words.
  const end = now > room ? Math.min(room, endOfFirst(demo) || room) : room;
  frame.style.maxHeight = `${end}px`;
  frame.dataset.scale = fit.scale.toFixed(3);
  return now;
}

// Say on the slide whenever there is more of a demo than it shows.
function tellOfMore(frame, demo) {
  const words = document.createElement("p");
  words.className = "more";
  words.hidden = true;
  words.textContent = "More below: scroll in it";
  frame.closest("section").append(words);
  const look = () => { words.hidden = demo.getBoundingClientRect().height <= frame.clientHeight; };
  for (const part of [demo, frame]) new ResizeObserver(look).observe(part);
}

// Fit the demo, and again whenever more of it appears, until somebody uses it.
function followDemo(frame) {
  const demo = frame.contentDocument?.getElementById("demo");
  if (!demo) return frame.addEventListener("load", () => followDemo(frame), { once: true });
  if (frame.dataset.scale) return undefined;
  const page = frame.contentWindow;
  let fitted = -1; // the height that the scale is for
  const observer = new page.ResizeObserver(async () => {
    const height = demo.getBoundingClientRect().height;
    if (!height || frame.dataset.scale === "measuring" || height === fitted) return;
    fitted = await fitDemo(frame, demo);
  });
  observer.observe(demo);
  tellOfMore(frame, demo);
  for (const use of ["pointerdown", "keydown"]) page.addEventListener(use, () => observer.disconnect());
  // Keys pressed in a demo are the demo's; this one leads back to the slides.
  page.addEventListener("keydown", (event) => { if (event.key === "Escape") frame.blur(); });
  return undefined;
}

function show(event) {
  fitWords(event.currentSlide);
  for (const picture of event.currentSlide.querySelectorAll(".picture")) {
    if (!picture.complete) picture.addEventListener("load", () => show(event), { once: true });
  }
  event.currentSlide.querySelectorAll(".demo iframe").forEach(followDemo);
}
Reveal.on("ready", show);
Reveal.on("slidechanged", show);
Reveal.initialize({
  width: 1280, height: 720, margin: 0, display: "flex", center: false, transition: "none",
  hash: true, slideNumber: "c/t", scrollActivationWidth: null, plugins: [RevealNotes],
  controlsTutorial: false, // it lets an arrow jump, over its neighbour
});
