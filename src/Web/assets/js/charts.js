// Draws the holders marked data-chart with ECharts (SVG). The table beside it holds the same figures and stays readable without script.
import * as echarts from 'echarts/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

const number = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

for (const holder of document.querySelectorAll('[data-chart]')) {
  holder.hidden = false;
  const instead = document.getElementById(holder.dataset.instead ?? '');
  if (instead) instead.hidden = true;
  // What the picture says is said by the page, in its language; the library would make up an English sentence.
  const spoken = instead?.querySelector('[role=img]')?.getAttribute('aria-label') ?? '';
  const spec = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const chart = echarts.init(holder, null, { renderer: 'svg' });
  const font = { fontFamily: token('--lt-sans'), fontSize: 13, color: token('--lt-muted') };
  chart.setOption({
    animation: false,
    aria: { enabled: true, label: { description: spoken }, decal: { show: true } },
    textStyle: font,
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: (v) => (v == null ? '–' : number.format(v) + (spec.unit ?? '')) },
    xAxis: { type: 'category', data: spec.labels, axisLabel: font, axisTick: { show: false }, axisLine: { lineStyle: { color: token('--lt-line') } } },
    yAxis: { type: 'value', min: spec.min, max: spec.max, axisLabel: { ...font, formatter: (v) => number.format(v) + (spec.unit ?? '') }, splitLine: { lineStyle: { color: token('--lt-line') } } },
    series: spec.series.map((s) => ({
      name: s.name,
      type: spec.kind ?? 'line',
      data: s.values,
      showSymbol: false,
      connectNulls: false,
      // Solid is measured, dashed is declared.
      lineStyle: { width: s.declared ? 2 : 2.5, type: s.declared ? 'dashed' : 'solid', color: token(s.declared ? '--lt-muted' : '--lt-accent') },
      itemStyle: { color: token(s.declared ? '--lt-muted' : '--lt-accent') },
    })),
  });
  addEventListener('resize', () => chart.resize());
}
