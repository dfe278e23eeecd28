import theme from 'vitepress/theme-without-fonts'; // the system's fonts: nothing to load
import 'katex/dist/katex.min.css';
import './style.css';

export default theme;
