/**
 * How a report looks: letters of the system, light or dark as the reader has
 * it, always light on paper. Gains and losses are blue and orange, which those
 * tell apart who do not see red and green.
 */

const light = `
  --page: #ffffff; --panel: #f6f7f9; --ink: #16191f; --muted: #565d6b; --grid: #e6e8ec; --axis: #9aa1ad;
  --rule: #dfe2e7; --link: #0b57c2; --line: #17457e; --paid: #7a8290; --gain: #0b5cc4; --loss: #b84300; --even: #16191f;
  --fee: #5b6577; --cost: #3f6f8f; --won: #8fb5e4; --expected: #b84300; --hover: rgba(20, 30, 50, 0.06);
  --alert: #fff5e9; --alert-rule: #c65a00;
`

const dark = `
  --page: #12151a; --panel: #1a1f26; --ink: #e7eaf0; --muted: #a3abb9; --grid: #272d37; --axis: #5d6676;
  --rule: #2d343f; --link: #85b8ff; --line: #8fbcf5; --paid: #8b94a4; --gain: #74b0ff; --loss: #ff9b5e; --even: #e7eaf0;
  --fee: #8d98ab; --cost: #7fa9c6; --won: #3c6396; --expected: #ffa76f; --hover: rgba(220, 230, 255, 0.08);
  --alert: #2a2018; --alert-rule: #ff9b5e;
`

/** The style sheet. */
export const style = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums lining-nums; }
header, main, footer, nav { max-width: 960px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 40px; }
h1, h2, h3, p, dl, dd, figure { margin: 0; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; font-weight: 650; }
h2 { font-size: 21px; line-height: 1.3; letter-spacing: -0.005em; font-weight: 650; }
h3 { font-size: 16px; line-height: 1.4; font-weight: 650; }
bdi { unicode-bidi: isolate; }
a { color: var(--link); }
.kicker { margin-bottom: 4px; color: var(--muted); font-size: 14px; }
.badge { display: inline-block; padding: 1px 8px; border: 1px solid var(--rule); border-radius: 99px; color: var(--ink); font-size: 13px; }
.badge.test { border-color: var(--alert-rule); background: var(--alert); }
.meta { margin-top: 8px; color: var(--muted); font-size: 15px; }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; margin: 28px 0 0; border: 1px solid var(--rule); border-radius: 10px; background: var(--rule); overflow: hidden; }
.figures > div { padding: 14px 16px 15px; background: var(--page); }
.figures dt { color: var(--muted); font-size: 14px; }
.figures .value { font-size: 25px; line-height: 1.35; font-weight: 650; letter-spacing: -0.015em; white-space: nowrap; }
.figures .value.long { font-size: 17px; line-height: 1.98; }
.figures .value.longer { font-size: 14px; line-height: 2.4; }
.figures .more { color: var(--muted); font-size: 14px; line-height: 1.4; }
.gain { color: var(--gain); } .loss { color: var(--loss); } .even { color: var(--even); }
.alert { margin-top: 20px; padding: 14px 16px; border: 1px solid var(--alert-rule); border-left-width: 5px; border-radius: 8px; background: var(--alert); }
.alert h3 { margin-top: 12px; }
.alert ul, .notes ul { margin: 4px 0 0; padding-left: 20px; }
.alert p { margin-top: 4px; }
.alert .records { color: var(--muted); font-size: 14px; }
.fine { margin-top: 16px; color: var(--muted); font-size: 15px; }
nav { margin-top: 22px; padding: 0; font-size: 15px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 3px 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 44px; padding-top: 20px; border-top: 1px solid var(--rule); }
section > h2 + p { margin-top: 4px; }
.lead { color: var(--muted); font-size: 15px; max-width: 46em; }
figure { margin-top: 22px; }
figcaption p { color: var(--muted); font-size: 14px; line-height: 1.45; }
.keys { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 0; padding: 0; list-style: none; color: var(--muted); font-size: 14px; }
.keys svg { display: inline-block; width: 22px; height: 12px; margin-right: 6px; vertical-align: -1px; }
.drawing { margin-top: 8px; }
.drawing > svg { display: block; width: 100%; height: auto; font-family: inherit; overflow: visible; }
.drawing > svg text { font-size: 13px; font-family: inherit; font-variant-numeric: tabular-nums; }
.drawing > svg.narrow { display: none; max-width: 460px; margin: 0 auto; }
.mark:hover { opacity: 0.75; }
.hit rect { fill: transparent; } .hit circle { fill: var(--line); visibility: hidden; }
.hit:hover rect { fill: var(--hover); } .hit:hover circle { visibility: visible; }
.empty { margin-top: 12px; padding: 22px 16px; border: 1px dashed var(--rule); border-radius: 8px; color: var(--muted); text-align: center; }
details { margin-top: 8px; }
summary { width: fit-content; padding: 4px 0; color: var(--link); font-size: 14px; cursor: pointer; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 1.4; overflow-wrap: normal; }
caption { padding: 6px 0; color: var(--muted); text-align: left; }
th, td { padding: 6px 0 6px 18px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: inherit; }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--muted); vertical-align: bottom; }
tfoot th, tfoot td { border-bottom: 0; border-top: 2px solid var(--axis); font-weight: 650; }
td.n, th.n { text-align: right; white-space: nowrap; }
tbody th, tfoot th { min-width: 8em; overflow-wrap: anywhere; }
.when, .keep { white-space: nowrap; }
.title { display: block; color: var(--muted); font-size: 13px; }
h3 + .scroll { margin-top: 2px; }
section > h3 { margin-top: 26px; }
.notes h3 { margin-top: 20px; }
.notes ul { max-width: 46em; font-size: 15px; }
.notes li { margin-top: 4px; }
footer { margin-top: 44px; padding-bottom: 48px; color: var(--muted); font-size: 14px; }
#tip { position: fixed; z-index: 9; top: 0; left: 0; max-width: min(320px, calc(100vw - 16px)); padding: 7px 10px; border: 1px solid var(--rule); border-radius: 7px;
  background: var(--page); color: var(--ink); box-shadow: 0 4px 18px rgba(0, 0, 0, 0.18); font-size: 13px; line-height: 1.45; white-space: pre-line; pointer-events: none; }
@media screen and (max-width: 779px) {
  header { padding-top: 26px; }
  h1 { font-size: 25px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .figures > div { padding: 11px 12px 12px; }
  .figures .value { font-size: 22px; }
  .figures .value.long { font-size: 16px; }
  .figures .value.longer { font-size: 12.5px; line-height: 2.5; }
  .drawing > svg.wide { display: none; }
  .drawing > svg.narrow { display: block; }
  th, td { padding-left: 14px; }
  tbody th, tfoot th { min-width: 10em; }
  section { margin-top: 36px; }
}
@media screen and (max-width: 359px) { .figures { grid-template-columns: minmax(0, 1fr); } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  @page { margin: 14mm 13mm; }
  :root { color-scheme: light; }
  body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { max-width: none; padding: 0; }
  nav, summary, #tip { display: none; }
  h1, h2, h3, figcaption, caption, .keys { break-after: avoid; }
  section { margin-top: 18pt; }
  .figures, .alert li, .drawing, tr, .notes li { break-inside: avoid; }
  figure > figcaption, figure > .drawing { break-inside: avoid; }
  .scroll { overflow: visible; }
  .scroll + .scroll { margin-top: 10pt; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  table { font-size: 8.5pt; }
  th, td { padding-top: 3px; padding-bottom: 3px; padding-left: 10px; }
  tbody th, tfoot th { min-width: 7em; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  .hit { display: none; }
}
`
