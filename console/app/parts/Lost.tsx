import { Empty } from './Empty.tsx'
import { Go } from './Go.tsx'
import { Screen } from './Screen.tsx'

export const Lost = () => (
  <Screen title="Nothing here">
    <Empty action={<Go to="/">Go to the first screen</Go>}>There is no page at this address.</Empty>
  </Screen>
)
