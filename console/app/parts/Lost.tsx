import { Empty } from './Empty.tsx'
import { Go } from './Go.tsx'
import { Screen } from './Screen.tsx'

export const NotMine = () => (
  <Screen title="Not for your role">
    <Empty action={<Go to="/">Go to the first screen</Go>}>
      This screen belongs to another role. An admin can change yours.
    </Empty>
  </Screen>
)

export const Lost = () => (
  <Screen title="Nothing here">
    <Empty action={<Go to="/">Go to the first screen</Go>}>There is no page at this address.</Empty>
  </Screen>
)
