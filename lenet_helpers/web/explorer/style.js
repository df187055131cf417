// The looks of the explorer, light and dark.

export const STYLE = `
.ce{--ink:#1b1b1b;--ground:#fff;--faint:#595959;--line:#767676;--pixel:#dcebf7;--tap:#f6c48a;--tapink:#1b1b1b;--done:#d5efe3;--mark:#b34700;
  font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:8px}
.ce[data-theme=dark]{--ink:#f0f0f0;--ground:#111;--faint:#b8b8b8;--line:#9a9a9a;--pixel:#17324a;--tap:#8a4b00;--tapink:#fff;--done:#12402f;--mark:#ffa25c}
.ce *{box-sizing:border-box}.ce p{margin:4px 0}
.ce .controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:2px 18px}
.ce .pair{display:grid;grid-template-columns:62px 1fr 1fr;gap:6px;align-items:center}
.ce .pair label{display:grid;grid-template-columns:minmax(40px,1fr) 22px;gap:4px;align-items:center;min-width:0}
.ce input[type=range]{width:100%;min-width:0;height:24px;margin:0}
.ce button,.ce select{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:4px;min-height:28px;padding:2px 8px;max-width:100%}
.ce :focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.ce .row{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin:6px 0}
.ce .row .scrub{flex:1 1 160px}
.ce .grids{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start}
.ce figure{margin:0;min-width:0;max-width:100%}.ce figcaption{font-weight:600;font-size:13px}
.ce svg{display:block;max-width:100%;height:auto;touch-action:none}
.ce svg text{fill:var(--ink);text-anchor:middle;dominant-baseline:central;font-variant-numeric:tabular-nums;pointer-events:none}
.ce .formula,.ce .sum{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}
.ce .faint{color:var(--faint)}.ce .warn{font-weight:600;color:var(--mark)}
`;
