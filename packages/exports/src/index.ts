export { csvText, type Cell } from './csv.ts';
export { downloadLink, downloadRoute, type DownloadPlace } from './download.ts';
export { expiryJob, exportJob } from './jobs.ts';
export { exportTables, type ExportRow, type ExportStatus, type ExportTables } from './tables.ts';
export { requestExport, type Batch, type ExportSource } from './write.ts';
