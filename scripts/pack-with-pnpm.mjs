// The prepack script of every package. npm would leave "workspace:^" in the dependencies, and its package
// could not be installed.
const agent = process.env.npm_config_user_agent ?? 'an unknown program';
if (!agent.startsWith('pnpm/')) {
  console.error(
    `${process.env.npm_package_name} cannot be packed by ${agent.split(' ')[0]}: only pnpm replaces "workspace:^" by versions. Run this instead, here:\n\n  npx pnpm pack\n`,
  );
  process.exit(1);
}
