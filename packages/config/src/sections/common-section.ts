import { join } from 'node:path'
import type { CommonConfig, PathsConfig } from '../config.ts'
import type { SectionReader } from '../section-reader.ts'

/** Reads `common`: what is logged, and where. */
export function readCommon(section: SectionReader): CommonConfig {
  const common: CommonConfig = {
    logMedia: section.oneOf('log_media', ['file', 'stdout', 'syslog'] as const) ?? 'stdout',
    logDir: section.path('log_dir'),
    logLevel: section.logLevel('log_level') ?? 'info',
    logFormat: section.oneOf('log_format', ['text', 'json'] as const) ?? 'text',
    logMaxSizeMb: section.integer('log_max_size') || 500,
    logMaxFiles: section.integer('log_max_files') || 3,
    logMaxAgeDays: section.integer('log_max_age') || 28,
    compressesLogs: section.boolean('compress_logs') ?? true,
    forcesColor: section.boolean('force_color_logs') ?? false,
  }
  section.inert(['daemonize', 'pid_dir', 'working_dir'], 'the service manager takes care of it')
  section.close()
  return common
}

/** Reads `config_paths`; what is missing lies below the directory of the file, or of the state. */
export function readPaths(
  section: SectionReader,
  defaults: { readonly configDir: string; readonly dataDir: string },
): PathsConfig {
  const configDir = section.path('config_dir') ?? defaults.configDir
  const hubDir = section.path('hub_dir') ?? join(configDir, 'hub')
  const paths: PathsConfig = {
    configDir,
    hubDir,
    dataDir: section.path('data_dir') ?? defaults.dataDir,
    simulationPath: section.path('simulation_path') ?? join(configDir, 'simulation.yaml'),
    indexPath: section.path('index_path') ?? join(hubDir, '.index.json'),
    notificationDir: section.path('notification_dir') ?? join(configDir, 'notifications'),
    patternDir: section.path('pattern_dir') ?? join(configDir, 'patterns'),
    pluginDir: section.path('plugin_dir'),
  }
  section.close()
  return paths
}
