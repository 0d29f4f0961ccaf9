/**
 * The page: one file that needs no other, and is allowed none.
 */
import type * as Data from "./Data.ts"
import { generator } from "./generator.ts"
import { type Markup, markup, raw } from "./markup.ts"
import { minute } from "./numbers.ts"
import { script, scriptHash } from "./script.ts"
import { doubts } from "./sections/doubts.ts"
import { equity } from "./sections/equity.ts"
import { exposure } from "./sections/exposure.ts"
import { head, period } from "./sections/head.ts"
import { lots } from "./sections/lots.ts"
import { notes } from "./sections/notes.ts"
import { fees, profit } from "./sections/results.ts"
import { winRate } from "./sections/winRate.ts"
import { style } from "./style.ts"

const sections = [
  { id: "equity", title: "Equity", body: equity },
  { id: "profit", title: "Profit", body: profit },
  { id: "fees", title: "Fees", body: fees },
  { id: "prices", title: "Win rate by price", body: winRate },
  { id: "exposure", title: "Exposure by event", body: exposure },
  { id: "trades", title: "Largest trades", body: lots },
  { id: "notes", title: "About these figures", body: notes }
] as const

/** Nothing may be loaded, and no script run but ours, whatever a ticker says. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`

const section = ({ body, id, title }: (typeof sections)[number], data: Data.Data): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body(data)}</section>`

/** Writes the page. */
export const page = (data: Data.Data): string => {
  const links = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${generator}
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${data.account.name}: account report, ${period(data)}</title>
<style>${raw(style)}</style>
</head>
<body>
${head(data)}
<main>
${doubts(data)}
<nav aria-label="Sections"><ul>${links}</ul></nav>
${sections.map((each) => section(each, data))}
</main>
<footer><p>From the records of the account as of ${minute(data.asOf)}. The page is whole in this one file and loads nothing.</p></footer>
<script>${raw(script)}</script>
</body>
</html>
`.text
}
