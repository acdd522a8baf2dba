/** The `criteria:` block of a mapping: its schema, and how it is merged over the shipped policy. */
import type { Static, TProperties, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { HubError } from '../errors.ts'
import { compileCondition, variables } from './conditions.ts'
import type { Choices, Criteria, OwnCriterion } from './criteria.ts'
import { type DefaultName, defaultNames, defaults, type Guards, guardDefaults, type Policy } from './defaults.ts'
import { block, limitsOf } from './schema.ts'

export const criteriaSettings = block
export type CriteriaBlock = Static<typeof criteriaSettings>

/** Throws `invalid`, naming the criterion, what was found and what would be right. */
export function buildCriteria(given: CriteriaBlock | undefined): Criteria {
  if (given !== undefined && !isMap(given)) throw invalid('criteria', given, 'a map from criterion to its limits')
  const entries = Object.entries(given ?? {})
  const off = new Set<DefaultName>()
  const choices: Partial<Record<DefaultName, Choices>> = {}
  const policy = structuredClone(defaults)
  const own: OwnCriterion[] = []
  let guards: Guards = guardDefaults
  let require: Criteria['require']
  for (const [name, value] of entries) {
    if (name === 'guards') guards = { ...guardDefaults, ...checked<Partial<Guards>>(name, value) }
    else if (name === 'require') require = buildRequire(checked(name, value))
    else if (!isDefault(name)) own.push(buildOwn(name, value))
    else if (isOff(value)) off.add(switchable(name))
    else choices[name] = applyDefault(name, checked(name, value), policy)
  }
  return { policy, off, choices, own, guards, require }
}

type Given = Choices & Record<string, unknown>

/** Limits go into the policy, the rest is handed back. */
function applyDefault<Name extends DefaultName>(name: Name, given: Given, policy: Policy): Choices {
  const { action, priority, skills, off: _off, ...limits } = given
  policy[name] = mergeLimits(defaults[name], limits) as Policy[Name]
  checkOrder(name, policy)
  return { action, priority, skills }
}

function mergeLimits(shipped: object, given: Record<string, unknown>): object {
  const merged: Record<string, unknown> = { ...shipped }
  for (const [key, value] of Object.entries(given)) {
    merged[key] = isMap(value) && isMap(merged[key]) ? { ...merged[key], ...value } : value
  }
  return merged
}

/** Limits that contradict each other would silently never fire, or always. */
function checkOrder(name: DefaultName, policy: Policy): void {
  const { human_request, no_match, frustration, low_confidence, loop, composite } = policy
  const orders: Partial<Record<DefaultName, ReadonlyArray<readonly [boolean, string]>>> = {
    human_request: [[human_request.vague <= human_request.clear, '`vague` at most `clear`']],
    no_match: [[no_match.consecutive <= no_match.escalate, '`consecutive` at most `escalate`']],
    frustration: [
      [frustration.strong <= frustration.mild, '`strong` at most `mild` (both are negative)'],
      [frustration.turns <= frustration.window, '`turns` at most `window`'],
    ],
    low_confidence: [[low_confidence.turns <= low_confidence.window, '`turns` at most `window`']],
    loop: [[loop.repeats <= loop.window, '`repeats` at most `window`']],
    composite: [[composite.offer <= composite.escalate, '`offer` at most `escalate`']],
  }
  for (const [isRight, right] of orders[name] ?? []) {
    if (!isRight) throw new HubError('invalid', `criteria.${name}: the limits contradict each other; right is ${right}`)
  }
}

function buildOwn(name: string, given: unknown): OwnCriterion {
  if (!isMap(given) || !('when' in given)) throw unknownName(name)
  const { when, action, priority, skills, words } = checked<Static<typeof limitsOf.own>>('own', given, name)
  return {
    name,
    condition: compileCondition(when, `criteria.${name}`),
    action: action ?? 'offer',
    priority,
    skills,
    words,
  }
}

function buildRequire(given: { when: string; words?: string }): Criteria['require'] {
  return { condition: compileCondition(given.when, 'criteria.require'), words: given.words ?? given.when }
}

function switchable(name: DefaultName): DefaultName {
  if (name !== 'safety') return name
  throw new HubError(
    'invalid',
    'criteria.safety: cannot be switched off; it can only be re-routed, for example `safety: { skills: [duty-manager] }`',
  )
}

function unknownName(name: string): HubError {
  const known = [...defaultNames, 'guards', 'require'].join(', ')
  const right = `one of ${known}; or a criterion of your own, which needs \`when\`, a condition over ${Object.keys(variables).join(', ')}`
  return new HubError('invalid', `criteria.${name}: found a name that is not known; right is ${right}`)
}

/** The value, as its schema wants it. */
function checked<T>(schema: keyof typeof limitsOf, value: unknown, name: string = schema): T {
  const type: TSchema = limitsOf[schema]
  const errors = Value.Errors(type, value)
  const wrong = errors.find((error) => error.keyword === 'additionalProperties') ?? errors[0]
  if (!wrong) return value as T
  const place = `criteria.${name}${wrong.instancePath.replaceAll('/', '.')}`
  const extra = 'additionalProperties' in wrong.params ? wrong.params.additionalProperties : undefined
  if (!extra) throw invalid(place, Value.Pointer.Get(value, wrong.instancePath), wrong.message)
  const fields = Object.keys((type as TSchema & { properties: TProperties }).properties).join(', ')
  throw new HubError(
    'invalid',
    `${place}: found ${[extra].flat().join(', ')}, which is not a field here; right are ${fields}`,
  )
}

const invalid = (place: string, found: unknown, right: string): HubError =>
  new HubError('invalid', `${place}: found ${JSON.stringify(found)?.slice(0, 80)}; right is: ${right}`)

const isDefault = (name: string): name is DefaultName => Object.hasOwn(defaults, name)

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** YAML 1.2 gives the word, YAML 1.1 gives false. */
const isOff = (value: unknown): boolean => value === 'off' || value === false || (isMap(value) && value.off === true)
