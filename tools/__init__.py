"""What a developer runs from the checkout: demo, stack, mailbox, and the local servers they use."""
