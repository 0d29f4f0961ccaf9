/** What a tracer is told. */
import * as Tracer from "effect/Tracer"

/** Keeps every span whole. */
export const recording = (): { readonly spans: ReadonlyArray<Tracer.NativeSpan>; readonly tracer: Tracer.Tracer } => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}
