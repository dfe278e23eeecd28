import { figuresNamed, reproduce, withChosen } from './packages/experiments/dist/index.js';
const [name,...rest]=process.argv.slice(2);
const opts=Object.fromEntries(rest.map(x=>{const [k,v]=x.split('=');return [k,JSON.parse(v)]}));
const f=withChosen(figuresNamed(name).figures,opts);
const [r]=await reproduce(f,{processes:1});
for(const s of r.sections) for(const run of s.runs) console.log(run.label,run.seed,Object.entries(run.values).map(([k,v])=>k+' '+(typeof v==='number'?+v.toPrecision(4):v)).join(' '));
for (const c of r.claims) console.log(c.verdict,'|',c.statement,'|',c.measured);
