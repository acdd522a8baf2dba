import { Empty } from '../../parts/Empty.tsx'
import { Screen } from '../../parts/Screen.tsx'

export default function Inbox() {
  return (
    <Screen title="Inbox">
      <Empty>There is nothing here yet.</Empty>
    </Screen>
  )
}
