/**
 * Which answer of a batch belongs to which item.
 */

/**
 * Finds the answer of each item by its id, never by its position.
 *
 * Answers may come in any order and without an id of ours. An id that is
 * answered twice says nothing certain, so its item counts as unanswered. Only
 * when a single item and a single answer without an id are left over do they
 * belong together.
 */
export const match = <Item, Answer>(options: {
  readonly items: ReadonlyArray<Item>
  readonly answers: ReadonlyArray<Answer>
  readonly idOfItem: (item: Item) => string
  readonly idOfAnswer: (answer: Answer) => string | undefined
}): ReadonlyArray<Answer | undefined> => {
  const byId = new Map<string, Answer | undefined>()
  const nameless: Array<Answer> = []
  for (const answer of options.answers) {
    const id = options.idOfAnswer(answer)
    if (id === undefined) nameless.push(answer)
    else byId.set(id, byId.has(id) ? undefined : answer)
  }
  const matched = options.items.map((item) => byId.get(options.idOfItem(item)))
  const open = options.items.flatMap((item, index) => (byId.has(options.idOfItem(item)) ? [] : [index]))
  const [index] = open
  const [answer] = nameless
  if (open.length === 1 && nameless.length === 1 && index !== undefined) matched[index] = answer
  return matched
}
