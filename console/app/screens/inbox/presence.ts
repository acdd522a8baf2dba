/** Whether new conversations come to the agent. */
import { send } from '../../api.ts'
import { toast } from '../../parts/toast.tsx'
import { deskPath } from './desk.ts'
import type { presenceWord } from './words.ts'

export type PresenceWord = keyof typeof presenceWord

export async function choosePresence(presence: PresenceWord): Promise<void> {
  try {
    await send('POST', deskPath('/presence'), { presence })
  } catch (error) {
    toast.problem('Your presence was not changed', error)
  }
}
