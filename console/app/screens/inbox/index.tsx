import { Button } from '@mantine/core'
import { Empty } from '../../parts/Empty.tsx'
import { Screen } from '../../parts/Screen.tsx'

/** Agents answer at the desk's own page; this is the way there. */
export default function Inbox() {
  return (
    <Screen title="Inbox">
      <Empty
        action={
          <Button component="a" href="/inbox">
            Open the inbox
          </Button>
        }
      >
        Agents talk with customers on a page of its own.
      </Empty>
    </Screen>
  )
}
