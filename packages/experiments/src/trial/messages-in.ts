/** Lets messages in: waits for one turn of the event loop. */
export const messagesIn = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
