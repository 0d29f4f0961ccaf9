/**
 * What a script adds to a report, which is whole without it: the text of a mark
 * at once beside the mouse or finger, and all tables open on paper.
 */
import { createHash } from "node:crypto"

/** The script. Texts of marks are put in as text, never as HTML. */
export const script = `
(function () {
  var tip = document.createElement("div")
  tip.id = "tip"
  tip.hidden = true
  tip.setAttribute("aria-hidden", "true")
  document.body.appendChild(tip)
  document.querySelectorAll(".drawing title").forEach(function (title) {
    title.parentNode.said = title.textContent
    title.remove()
  })
  function show(event) {
    var mark = event.target.closest ? event.target.closest(".mark, .hit") : null
    if (!mark || !mark.said) { tip.hidden = true; return }
    tip.textContent = mark.said
    tip.hidden = false
    var left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)
    var above = event.clientY - tip.offsetHeight - 14
    tip.style.transform = "translate(" + Math.max(8, left) + "px," + (above < 8 ? event.clientY + 18 : above) + "px)"
  }
  document.addEventListener("pointermove", show)
  document.addEventListener("pointerdown", show)
  document.addEventListener("scroll", function () { tip.hidden = true }, { passive: true })
  var closed = []
  addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"))
    closed.forEach(function (each) { each.open = true })
  })
  addEventListener("afterprint", function () {
    closed.forEach(function (each) { each.open = false })
  })
})()
`

/** By which the page allows this script and no other. */
export const scriptHash = `sha256-${createHash("sha256").update(script).digest("base64")}`
