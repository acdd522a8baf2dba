import { useMantineColorScheme } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import type { SessionAnswer } from '../../../../src/http/api/session.ts'
import { queries } from '../../read.ts'

/** After the hub let somebody in: what it said of them is known, and the page they wanted opens. */
export function useEnter(): (me: SessionAnswer, place: string) => void {
  const router = useRouter()
  const { setColorScheme } = useMantineColorScheme()
  return (me, place) => {
    queries.clear()
    queries.setQueryData(['/session'], me)
    if (me.preferences.theme) setColorScheme(me.preferences.theme)
    router.history.push(`/console${place}`)
  }
}
