/** A connection's health in words: what it means is said by word and icon first, by colour last. */
import type { ConnectionRow } from '../../../../src/http/api/connections.ts'
import { formatClock, formatCount, formatDuration } from '../../format.ts'

export type HealthWord = ConnectionRow['health']

export type Tone = 'good' | 'soon' | 'over' | 'calm'
export const toneOf: Readonly<Record<HealthWord, Tone>> = {
  healthy: 'good',
  slow: 'soon',
  silent: 'soon',
  limited: 'soon',
  paused: 'calm',
  failing: 'over',
  'credentials refused': 'over',
}

/** "since 10:01:12 · tried again at 10:03:30 · 12 effects wait, the oldest 01:12" */
export function situationOf(row: ConnectionRow, now: number): string[] {
  const said: string[] = []
  if (row.health === 'paused') {
    said.push(`by ${row.pausedBy}`)
    if (row.pausedAt) said.push(`since ${formatClock(row.pausedAt)}`)
    if (row.pauseReason) said.push(`“${row.pauseReason}”`)
  }
  if (row.failingSince && (row.health === 'failing' || row.health === 'credentials refused'))
    said.push(`since ${formatClock(row.failingSince)}`)
  if (row.nextTryAt)
    said.push(
      row.health === 'limited' ? `until ${formatClock(row.nextTryAt)}` : `tried again ${whenTried(row.nextTryAt, now)}`,
    )
  if (row.health === 'silent' && row.figures?.lastIn)
    said.push(`nothing came for ${formatDuration(now - row.figures.lastIn)}, longer than usual`)
  if (row.waiting && row.waiting.effects > 0)
    said.push(
      `${formatCount(row.waiting.effects, 'effect waits', 'effects wait')}, the oldest ${formatDuration(now - row.waiting.oldestAt)}`,
    )
  return said
}

const whenTried = (at: number, now: number): string => (at <= now ? 'now' : `at ${formatClock(at)}`)

/** 840 → `840 ms`, 1 900 → `1.9 s` */
export const formatMs = (ms: number | null): string =>
  ms === null ? '–' : ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`
