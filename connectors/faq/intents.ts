/** `intents.yaml`: a list of intents to what the bot knows. Pure; README.md shows the format. */
import { isMap, type Node } from 'yaml'
import type { FaqChoice, FaqIntent, FaqSlot, Texts } from './content.ts'
import { fieldsOf, listAt, mapAt, type Place, parseYaml, stringAt, wrong } from './place.ts'

const intentKeys = ['intent', 'examples', 'answer', 'answers', 'choices', 'wants', 'needs']

/** Throws `invalid` with file and line. An empty file is an empty list. */
export function parseIntents(source: string, file: string): FaqIntent[] {
  const { root, place } = parseYaml(source, file)
  if (root === null) return []
  const seen = new Set<string>()
  return listAt(root, 'the file', place).map((node) => {
    const intent = parseIntent(node, place)
    if (seen.has(intent.name)) throw wrong(place, node, `intent "${intent.name}" is there twice; join the two`)
    seen.add(intent.name)
    return intent
  })
}

function parseIntent(node: Node, place: Place): FaqIntent {
  const fields = fieldsOf(
    mapAt(node, 'an intent', '"intent: name" with "examples" and an "answer"', place),
    intentKeys,
    place,
  )
  const named = fields.get('intent')
  if (!named) throw wrong(place, node, 'an intent needs a name: "intent: order-status"')
  const name = stringAt(named, 'intent', place)
  const examples = fields.get('examples')
  const phrases = examples ? listAt(examples, 'examples', place).map((one) => stringAt(one, 'examples', place)) : []
  if (phrases.length === 0)
    throw wrong(place, examples ?? node, `intent "${name}" needs "examples": a list of sentences customers say`)
  const wants = parseWants(fields.get('wants'), place)
  const answers = parseAnswers(fields, place)
  if (Object.keys(answers).length === 0 && !wants)
    throw wrong(place, node, `intent "${name}" needs an "answer", or "answers" by language, or "wants: human"`)
  return {
    name,
    phrases,
    answers,
    choices: parseList(fields.get('choices'), 'choices', place, parseChoice),
    needs: parseList(fields.get('needs'), 'needs', place, parseSlot),
    ...(wants && { wants }),
  }
}

function parseAnswers(fields: Map<string, Node>, place: Place): Texts {
  const one = fields.get('answer')
  const many = fields.get('answers')
  if (one && many) throw wrong(place, many, 'give "answer" or "answers", not both')
  if (one) return { '': stringAt(one, 'answer', place) }
  return many ? parseTexts(many, 'answers', place) : {}
}

/** One text, or one for each language. */
function parseTexts(node: Node, name: string, place: Place): Texts {
  if (!isMap(node)) return { '': stringAt(node, name, place) }
  const languages = node.items.map((pair) => String((pair.key as { value?: unknown }).value))
  const texts: Record<string, string> = {}
  for (const [language, text] of fieldsOf(node, languages, place)) {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language))
      throw wrong(place, text, `"${language}" is not a language; right are codes such as en, de, pt-BR`)
    texts[language] = stringAt(text, `${name}.${language}`, place)
  }
  return texts
}

function parseWants(node: Node | undefined, place: Place): 'human' | 'end' | undefined {
  if (!node) return undefined
  const wants = stringAt(node, 'wants', place)
  if (wants !== 'human' && wants !== 'end')
    throw wrong(place, node, `"wants" is "${wants}"; permitted values are human, end`)
  return wants
}

function parseList<T>(node: Node | undefined, name: string, place: Place, parse: (node: Node, place: Place) => T): T[] {
  return node ? listAt(node, name, place).map((one) => parse(one, place)) : []
}

function parseChoice(node: Node, place: Place): FaqChoice {
  if (!isMap(node)) return { label: stringAt(node, 'choices', place) }
  const fields = fieldsOf(node, ['label', 'intent'], place)
  const label = fields.get('label')
  if (!label) throw wrong(place, node, 'a choice needs a "label"')
  const intent = fields.get('intent')
  return { label: stringAt(label, 'label', place), ...(intent && { intent: stringAt(intent, 'intent', place) }) }
}

function parseSlot(node: Node, place: Place): FaqSlot {
  const fields = fieldsOf(
    mapAt(node, 'a need', '"slot: name" with a question "ask"', place),
    ['slot', 'ask', 'pattern'],
    place,
  )
  const slot = fields.get('slot')
  const ask = fields.get('ask')
  if (!slot || !ask) throw wrong(place, node, 'a need has a "slot" (its name) and an "ask" (the question)')
  const pattern = fields.get('pattern')
  return {
    slot: stringAt(slot, 'slot', place),
    ask: parseTexts(ask, 'ask', place),
    ...(pattern && { pattern: parsePattern(pattern, place) }),
  }
}

function parsePattern(node: Node, place: Place): RegExp {
  const source = stringAt(node, 'pattern', place)
  try {
    return new RegExp(source, 'iu')
  } catch (error) {
    throw wrong(place, node, `"pattern" is no regular expression: ${(error as Error).message}`)
  }
}
