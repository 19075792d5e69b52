/* The HTTP side: loopback only, one thread per connection, so that a slow answer delays nobody. */
#ifndef SERVER_H
#define SERVER_H

int server_start(int port); /* 0: any free one.  Returns the port; exits when it cannot. */
void server_stop(void);

#endif
