// Pictures of figures. The numbers stand in a table beside each picture, so nothing is lost without this.
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

const STILL = window.matchMedia('(prefers-reduced-motion: reduce)').matches

function options(data) {
  const tokens = getComputedStyle(document.documentElement)
  const colour = (name) => tokens.getPropertyValue(`--${name}`).trim()
  const text = { color: colour('text-soft'), fontFamily: tokens.getPropertyValue('--font').trim(), fontSize: 13 }
  const axis = { axisLabel: text, axisLine: { lineStyle: { color: colour('edge') } }, splitLine: { lineStyle: { color: colour('line') } } }
  const bar = (series, fill) => ({ type: 'bar', yAxisIndex: 1, name: series.name, data: series.data, barMaxWidth: 18, barGap: '0%', itemStyle: { color: fill } })
  const line = (series) => ({ type: 'line', name: series.name, data: series.data, symbolSize: 7, lineStyle: { width: 3 }, itemStyle: { color: colour('accent') }, z: 3 })
  const counts = { type: 'value', minInterval: 1, ...axis, splitLine: { show: false } }
  const pair = data.count
    ? { yAxis: counts, series: [{ ...bar(data.count, colour('accent')), yAxisIndex: 0 }] }
    : {
        yAxis: [{ type: 'value', min: 0, max: 100, ...axis, axisLabel: { ...text, formatter: '{value}%' } }, counts],
        // The legend names what is drawn: no line where each rate is over too few.
        series: [bar(data.whole, colour('line')), bar(data.part, colour('edge')), ...(data.rate.data.some((rate) => rate !== null) ? [line(data.rate)] : [])],
      }
  return {
    animation: !STILL,
    textStyle: text,
    // An HTML tooltip would need inline style, which the content security policy forbids.
    tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: colour('surface'), borderColor: colour('line'), textStyle: { ...text, color: colour('text') } },
    legend: { textStyle: text, top: 0 },
    grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: data.labels, ...axis },
    ...pair,
  }
}

for (const place of document.querySelectorAll('[data-chart]')) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent)
  const chart = init(place)
  const draw = () => chart.setOption(options(data), true)
  draw()
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  new ResizeObserver(() => chart.resize()).observe(place)
}
