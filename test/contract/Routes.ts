/** From a method and a path to the operation that they name. */

/** What finding an operation takes. */
export interface Route {
  readonly method: string
  /** The path below the base, with `{name}` for what varies. */
  readonly path: string
}

/** Finds the operation of a method and a path; of two that fit, the one in which less varies. */
export const make = <R extends Route>(
  operations: ReadonlyArray<R>
): ((method: string, path: string) => R | undefined) => {
  const routes = operations
    .map((operation) => ({
      operation,
      variables: operation.path.split("{").length - 1,
      pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`)
    }))
    .toSorted((left, right) => left.variables - right.variables)
  return (method, path) =>
    routes.find((route) => route.operation.method === method && route.pattern.test(path))?.operation
}
