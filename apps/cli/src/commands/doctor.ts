import type { Command } from '../command.js';
export const command: Command = { name: 'doctor', about: '', usage: '', flags: {}, examples: [], run: async () => 0 };
