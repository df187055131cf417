// The looks of the viewer, light and dark.

export const STYLE = `
.lv{container-type:inline-size;--ink:#1b1b1b;--ground:#fff;--faint:#595959;--line:#767676;--accent:#0072b2;--mark:#d55e00;
  font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:8px;position:relative}
.lv[data-theme=dark]{--ink:#f0f0f0;--ground:#111;--faint:#b8b8b8;--line:#9a9a9a;--accent:#56b4e9;--mark:#ff9a4d}
.lv *{box-sizing:border-box}
.lv h3{font-size:15px;margin:0 0 4px}.lv h4{font-size:13px;font-weight:600;margin:8px 0 2px}
.lv label{white-space:nowrap}.lv .unit label{margin-right:8px}
.lv .tools{display:flex;flex-wrap:wrap;gap:0 6px;align-items:center}.lv .chosen{border-bottom:2px solid var(--mark)}
.lv p{margin:4px 0}.lv ul{margin:2px 0;padding-left:18px}.lv .faint{color:var(--faint)}
.lv .columns{display:grid;grid-template-columns:232px minmax(0,1fr);gap:10px}
.lv .nets{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr));gap:16px}
.lv canvas{display:block;max-width:100%;image-rendering:pixelated}
.lv .layer canvas{cursor:crosshair}
.lv .columns{position:relative}
.lv .cone{position:absolute;inset:0;width:100%;height:100%;pointer-events:none;display:none}
.lv.flow .cone{display:block}.lv .cone polygon{fill:var(--mark);fill-opacity:.16;stroke:var(--mark);stroke-opacity:.45}
.lv .columns>details{grid-column:1/-1}.lv summary{cursor:pointer;font-weight:600;padding:4px 0}
.lv .decision{display:block;width:100%;height:150px}.lv .decision line{stroke:var(--ink)}
.lv .decision .more{fill:#e08a2e}.lv .decision .less{fill:#8069b5}
.lv .above{display:flex;flex-wrap:wrap;gap:0 12px;align-items:center;margin-top:0}
.lv .above button{padding:1px 14px;margin-right:0}
/* As wide as its longest words: what stands beside it stays where it is. */
.lv .above .play{width:200px;padding:1px 4px}
.lv .hovered{flex:1;min-width:0}.lv:not(.flow) .hovered{flex-basis:100%;min-height:1.45em}
.lv [hidden]{display:none}
.lv .head{display:flex;flex-wrap:wrap;gap:0 8px;align-items:baseline;font-size:12px;margin-top:6px}
.lv .enlarge{min-height:24px;padding:0 1px;margin:0;border:0;color:var(--faint);text-align:left;white-space:nowrap}
.lv .enlarge:hover{color:var(--ink);text-decoration:underline}.lv.flow .enlarge{letter-spacing:-.4px}
.lv .head h4{margin:0;font-size:12px}.lv .head select{font-size:12px;font-weight:600;padding:0 2px;margin:0;max-width:none}
.lv .legend{font-size:12px;max-width:230px;font-variant-numeric:tabular-nums}
.lv .legend>div:last-child{display:flex;justify-content:space-between;gap:2px}
.lv .strip{height:7px;margin-top:4px;border:1px solid var(--line)}
.lv .layer>div:last-child{width:fit-content;font-size:12px}
/* The maps scroll by themselves: picture and sum stay in sight, whatever layer is looked at. */
.lv .maps{position:relative;max-height:350px;overflow-y:auto;scrollbar-width:thin;padding:4px}
.lv .bars{margin-bottom:8px}
.lv .field{position:relative;width:fit-content}
.lv .pad{touch-action:none;width:224px;height:auto;border:1px solid var(--line);cursor:crosshair}
.lv .heat{position:absolute;inset:1px;width:calc(100% - 2px);height:calc(100% - 2px);pointer-events:none}
.lv .matters progress:not([hidden]){display:block;width:100%}.lv .matters p{font-size:12px}
.lv .panel{position:absolute;z-index:2;background:var(--ground);border:2px solid var(--accent);border-radius:8px;
  padding:8px 12px;box-shadow:0 3px 14px rgb(0 0 0/.4);max-width:calc(100% - 16px)}
.lv .tour{width:340px}.lv .tour h3{padding-right:32px}.lv .tour>button{float:right;margin:0}
.lv .tour dfn{font-weight:700;font-style:normal;border-bottom:2px solid var(--accent)}
.lv .tour .done{min-height:1.45em}.lv .tour .done:not(:empty){font-weight:600}.lv .tour .done:not(:empty)~div .next{background:var(--accent);color:var(--ground)}
.lv .tour [aria-disabled=true]{opacity:.55}
.lv .marked{outline:3px dashed var(--accent);outline-offset:1px}.lv .stage.marked{outline-offset:0}
.lv .enlarged .top{display:flex;gap:4px;align-items:center;margin-bottom:6px}.lv .enlarged .top strong{flex:1;font-size:13px}
.lv .enlarged canvas{cursor:crosshair}.lv .enlarged .legend{max-width:none}
.lv button,.lv select,.lv input{font:inherit;color:var(--ink);background:var(--ground);
  border:1px solid var(--line);border-radius:4px;min-height:26px;padding:1px 8px;margin:2px 2px 2px 0;max-width:100%}
.lv input[type=checkbox]{min-height:0;vertical-align:middle}.lv input[type=number]{width:64px}.lv input[type=range]{padding:0;width:110px;vertical-align:middle}
.lv button[aria-pressed=true]{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.lv :focus-visible{outline:3px solid var(--mark);outline-offset:1px}
.lv .picks{display:flex;flex-wrap:wrap;gap:2px}.lv .picks button{padding:1px;min-height:0;line-height:0;margin:0}
.lv .picks canvas{width:30px;height:30px}
.lv .bars{display:grid;grid-template-columns:minmax(0,max-content) minmax(24px,1fr) max-content max-content;gap:1px 8px;align-items:center}
.lv .bars span:nth-child(4n+1){overflow-wrap:anywhere}
.lv .bars span:nth-child(4n+3),.lv .bars span:nth-child(4n){text-align:right;font-variant-numeric:tabular-nums}
.lv .bar{height:11px;background:var(--accent);min-width:1px}
.lv .best{font-weight:700}
.lv .sum{overflow:auto;max-height:330px;font-family:ui-monospace,monospace;font-size:12px}
.lv .sum:focus-visible{outline-offset:-3px}
.lv .grids{display:flex;flex-wrap:wrap;gap:10px}
.lv table{border-collapse:collapse}.lv td,.lv th{padding:1px 5px;text-align:right;white-space:nowrap;font-weight:400}
.lv td{border:1px solid color-mix(in srgb,var(--line) 45%,transparent)}
.lv td b,.lv td b+span{display:block;font-weight:400}.lv td b+span{font-size:12px}.lv .grids>p{flex-basis:100%;margin:0}
.lv .total{font-size:13px;overflow-wrap:anywhere}
.lv fieldset{border:1px solid var(--line);border-radius:6px;padding:4px 6px;margin:8px 0;min-width:0}
.lv legend{padding:0 4px}
.lv .columns>fieldset{grid-column:1/-1;margin:0}
/* The sum stands below the maps, however much there is to say of the picture. */
.lv.flow .columns{grid-template-columns:204px minmax(0,1fr);grid-template-rows:auto 1fr}
.lv.flow .picture{grid-row:1/3}.lv.flow .columns>fieldset{grid-column:2}
.lv.flow .nets,.lv.flow section{align-content:start}.lv.flow .pad{width:196px}
.lv.flow .nets{grid-template-columns:minmax(0,1fr)}
.lv.flow section{display:grid;grid-template-columns:minmax(0,1fr) 190px;gap:0 10px;align-items:start}
.lv.flow section>h3{grid-column:1/-1}
.lv.flow section>.maps{display:flex;gap:10px;max-height:none;overflow:auto hidden;grid-column:1;grid-row:2}
.lv.flow section>.bars{grid-column:2;grid-row:2;margin-top:26px}
.lv.flow .stage{flex:none;min-width:72px;width:min-content}
.lv.flow .head{flex-direction:column;align-items:flex-start;justify-content:flex-end;margin:0 0 3px}
.lv.flow .layer canvas{max-width:none}
.lv.flow .legend{max-width:none;min-width:72px;letter-spacing:-.4px}
.lv.flow .head h4,.lv.flow .head>span{line-height:24px;letter-spacing:-.4px}
/* The arrow of a choice, drawn narrower than the browser's. */
.lv.flow .head select{appearance:none;min-height:24px;letter-spacing:-.4px;padding:0 12px 0 2px;background:no-repeat right 6px center/4px 4px
  linear-gradient(45deg,transparent 50%,var(--ink) 50%),no-repeat right 2px center/4px 4px linear-gradient(-45deg,transparent 50%,var(--ink) 50%),var(--ground)}
.lv.flow .head option{color:var(--ink);background:var(--ground)}
.lv.flow .bars{gap:1px 5px;font-size:12px}
@container (max-width:1150px){.lv.flow .columns{grid-template-columns:164px minmax(0,1fr)}.lv.flow .pad{width:156px}}
@container (min-width:1230px){.lv.flow section{grid-template-columns:minmax(0,1fr) 236px}}
@container (min-width:1151px){.lv.flow .unit{display:grid;grid-template-columns:minmax(0,1fr) fit-content(38%);grid-template-rows:auto auto auto 1fr;gap:0 14px}
.lv.flow .unit>*{grid-column:1}.lv.flow .unit>.chooser{grid-column:1/-1}.lv.flow .kernels{grid-column:2;grid-row:2/5;align-content:start}}
/* Tools beside the picture, and all as low as it can be: picture, answer and the first maps on one screen. */
.lv.narrow .columns{grid-template-columns:minmax(0,1fr)}
.lv.narrow .picture{display:grid;grid-template-columns:auto minmax(0,1fr);grid-template-rows:repeat(5,auto) 1fr;gap:0 10px}
.lv.narrow .picture>*{grid-column:2}.lv.narrow .picture>.field{grid-column:1;grid-row:1/-1}.lv.narrow .picks canvas{width:28px;height:28px}
.lv.narrow .above{font-size:13px;gap:0 8px}.lv.narrow .above button{padding:1px 8px}.lv.narrow .above .play{width:184px}
.lv.narrow .bars{font-size:13px;line-height:1.3}
@container (max-width:460px){.lv.narrow .pad{width:180px}}
`;
