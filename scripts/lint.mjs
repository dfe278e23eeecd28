// One run of oxlint over everything, type-aware, warnings denied: also who may import whom (.oxlintrc.json).
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['--no-install', 'oxlint', '--type-aware', '--deny-warnings', 'packages', 'apps', 'scripts', 'bench'], { stdio: 'inherit' });
process.exit(status ?? 1);
