/** Staff at the console: rarely, and at any moment. */
import type { StaffCommand } from '../../src/events.ts'
import { append, type World } from './world.ts'

const commands: readonly StaffCommand[] = [
  { do: 'move' },
  { do: 'escalate' },
  { do: 'end', outcome: 'resolved' },
  { do: 'end', outcome: 'abandoned' },
  { do: 'end', outcome: 'expired' },
]

export function beginStaff(world: World, id: number): void {
  const { random, agenda } = world
  if (!random.chance(0.2)) return
  for (let n = random.whole(1, 3); n > 0; n--) {
    agenda.plan(random.span(1_000, 3_600_000), () => {
      if (world.isQuiet || world.record.threads.get(id)!.conversation.seq === 0) return
      append(world, id, { type: 'staff-command', at: agenda.now, command: random.pick(commands), by: 'Kim' })
    })
  }
}
