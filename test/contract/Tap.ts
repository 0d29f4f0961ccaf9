/**
 * Listens in on every HTTP server of this process: what a server below
 * `/trade-api/v2` or `/legacy/trade-api/v2` is asked and answers goes on the
 * record, over whichever client and with no cooperation of either side.
 */
import * as Headers from "./Headers.ts"
import * as Listen from "./Listen.mjs"
import * as Recorder from "./Recorder.ts"

/** Puts on the record what was heard, here or in another process. */
export const record = (heard: Listen.Heard): void => {
  const { requestHeaders, responseHeaders } = heard
  Recorder.record({
    method: heard.method,
    url: heard.url,
    requestBody: heard.requestBody,
    requestContentType: Headers.one(requestHeaders, "content-type"),
    status: heard.status,
    responseBody: heard.responseBody,
    contentType: Headers.one(responseHeaders, "content-type"),
    whole: heard.whole,
    fault: Headers.one(responseHeaders, Recorder.faultHeader),
    ...Headers.kept(requestHeaders, heard.status, responseHeaders)
  })
}

/** Starts listening; a second time does nothing. */
export const install = (): void => Listen.install(record)
