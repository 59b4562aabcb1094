"""Mail: messages written into the outbox, then sent once each. The only room that opens a socket."""
