import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** A screen that failed to draw. The rest of the console goes on. */
export const Broken = ({ error, reset }: { error: Error; reset?: () => void }) => (
  <section className="screen">
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} stroke={1.5} />}
      title="This screen did not work"
      role="alert"
    >
      <Text size="sm">
        {isOld(error)
          ? 'The hub has a newer console than this page. Load the page again.'
          : 'Nothing was lost, and customers do not notice. Try again, or load the page again.'}
      </Text>
      <Group mt="sm">
        {reset && (
          <Button variant="default" onClick={reset}>
            Try again
          </Button>
        )}
        <Button onClick={() => location.reload()}>Load the page again</Button>
      </Group>
    </Alert>
  </section>
)

/** A part of a release that is gone after an update. */
const isOld = (error: Error): boolean => /dynamically imported module|module script/i.test(error.message)
