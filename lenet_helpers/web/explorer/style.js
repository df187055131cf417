// The looks of the explorer, light and dark.

export const STYLE = `
.ce{--ink:#1b1b1b;--ground:#fff;--faint:#595959;--line:#767676;--hair:#c9c9c9;--accent:#0072b2;--mark:#d55e00;--warn:#a33f00;
  container-type:inline-size;overflow-x:clip;font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:8px}
.ce[data-theme=dark]{--ink:#f0f0f0;--ground:#111;--faint:#b8b8b8;--line:#9a9a9a;--hair:#4a4a4a;--accent:#56b4e9;--mark:#ff9a4d;--warn:#ffa25c;color-scheme:dark}
.ce *{box-sizing:border-box}.ce p{margin:0}.ce [hidden]{display:none!important}
.ce button,.ce select{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:4px;min-height:28px;padding:1px 8px;max-width:100%}
.ce button:enabled{cursor:pointer}.ce button:disabled{color:var(--faint);border-style:dashed}
.ce button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.ce :focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.ce .chips{display:flex;flex-wrap:wrap;gap:6px 18px;padding-bottom:8px;border-bottom:1px solid var(--hair)}
.ce .group{display:flex;flex-wrap:wrap;gap:4px;align-items:center}
.ce .group>span{font-size:13px;color:var(--faint);margin-right:2px}
.ce .chips button{border-radius:14px;font-size:13px}
.ce .chips button[aria-pressed=true]{background:var(--accent);color:var(--ground)}
.ce .parts{display:grid;grid-template-columns:minmax(0,1fr);gap:8px 20px;margin-top:8px}
.ce .scene{display:grid;grid-template-columns:auto auto auto auto auto;justify-content:center;align-items:center;gap:8px 14px}
.ce figure{margin:0;min-width:0}.ce figcaption{font-weight:600;font-size:13px;white-space:nowrap}
.ce .input>:not(svg){margin-left:12px}
.ce .sign{font-size:20px;color:var(--faint)}
.ce figure .faint{font-size:12px;line-height:1.3;margin-top:5px}
.ce .output{min-width:96px}
.ce svg{display:block;max-width:100%;height:auto;overflow:visible}
.ce .output svg{touch-action:manipulation;cursor:crosshair}
.ce .cell{transform-box:fill-box;transform-origin:center}
.ce .cell rect{fill:var(--light,var(--ground));stroke:var(--hair)}
.ce .cell text{fill:var(--light-ink,var(--ink));text-anchor:middle;dominant-baseline:central;font-variant-numeric:tabular-nums;pointer-events:none}
.ce[data-theme=dark] .cell rect{fill:var(--dark,var(--ground))}.ce[data-theme=dark] .cell text{fill:var(--dark-ink,var(--ink))}
.ce .padding rect{stroke-dasharray:3 2;stroke:var(--line)}.ce .padding text{fill:var(--faint)}
.ce .unvisited{opacity:.4}.ce .small rect{stroke:#808080;stroke-opacity:.22}
.ce .window .first{font-weight:600}
.ce .overlay{pointer-events:none}.ce .overlay rect{fill:none;stroke:var(--mark);vector-effect:non-scaling-stroke}
.ce .overlay .tap{stroke-width:1.5px}.ce .tiny .overlay .tap{stroke-width:.75px}.ce .overlay .frame{stroke-width:3px}
.ce .dilated .overlay .tap{stroke-width:3px}.ce .dilated .overlay .frame{stroke-width:1.5px;stroke-dasharray:4 4}.ce .dilated .overlay .halo{stroke:none}
.ce .overlay .halo{stroke:var(--ground);stroke-width:6px;stroke-opacity:.8}
.ce .overlay circle{fill:var(--line)}.ce .overlay circle.now{fill:var(--mark)}
.ce .overlay>*{transition:transform .12s ease-out}.ce .fast .overlay *{transition:none}
.ce .legend{font-size:12px;line-height:1.3;margin-top:5px;min-width:96px;font-variant-numeric:tabular-nums}
.ce .legend>div:last-child{display:flex;justify-content:space-between;gap:4px}
.ce .strip{height:7px;border:1px solid var(--line)}
.ce .strip.pixels{background:var(--light)}.ce[data-theme=dark] .strip.pixels{background:var(--dark)}
.ce .row{display:flex;flex-wrap:wrap;gap:6px;align-items:center}.ce .row .scrub{flex:1 1 160px}
.ce input[type=range]{width:100%;min-width:0;height:24px;margin:0;accent-color:var(--accent)}
.ce .words{display:grid;gap:3px;align-content:start}
.ce .formula,.ce .sum{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}
.ce .faint{color:var(--faint)}.ce .warn{font-weight:600;color:var(--warn)}
.ce .controls{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(240px,100%),1fr));gap:4px 20px;align-items:start;padding-top:8px;border-top:1px solid var(--hair)}
.ce .size,.ce .choice{display:grid;grid-template-columns:66px minmax(0,1fr);gap:0 8px;align-items:center}
.ce .size>span{grid-row:1/3;align-self:start;line-height:24px}.ce .size label{grid-column:2}
.ce .size label{display:grid;grid-template-columns:minmax(0,1fr) 42px;gap:6px;align-items:center;font-variant-numeric:tabular-nums}
.ce .choice{margin-bottom:4px}.ce .controls>button{justify-self:start;font-size:13px}
.ce summary{cursor:pointer;line-height:28px}
@container (min-width:1000px){
  .ce .parts{grid-template-columns:minmax(0,1fr) 248px;grid-template-rows:auto auto 1fr}
  .ce .controls{grid-area:1/2/4/3;grid-template-columns:minmax(0,1fr);align-content:start;padding:0 0 0 20px;border:0;border-left:1px solid var(--hair)}
  .ce .scene{min-height:448px}.ce .words{min-height:116px}
}
@container (max-width:640px){
  .ce .chips{gap:4px 18px}.ce .group{gap:3px}.ce .chips button{padding:1px 6px;font-size:12px}
  .ce .scene{grid-template-columns:auto auto auto}
  .ce .scene .window{grid-area:2/1/3/4;justify-self:center}.ce .window+.sign{display:none}
}
@media (prefers-reduced-motion:reduce){.ce .overlay *{transition:none!important}}
`;
