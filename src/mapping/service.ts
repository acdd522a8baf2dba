import type { Service } from '../connector.ts'
import type { Mapping } from '../mapping.ts'
import { isOpen, nextOpen } from './hours.ts'

/** What the customers of this mapping may hope for at this moment, by the hours in the YAML: whether somebody is free is the desk's to say. */
export function serviceOf({ desks, fallback }: Mapping, at: number): Service {
  const live = desks.filter(({ mode }) => mode === 'live')
  const open = live.some(({ hours }) => isOpen(hours, at))
  const opensAt = open ? undefined : soonest(live.map(({ hours }) => nextOpen(hours, at)))
  return {
    open,
    ...(opensAt === undefined ? {} : { opensAt }),
    ways: (['ticket', 'callback'] as const).filter((way) => fallback.some(({ mode }) => mode === way)),
  }
}

const soonest = (moments: readonly (number | undefined)[]): number | undefined =>
  moments.filter((moment) => moment !== undefined).sort((a, b) => a - b)[0]
