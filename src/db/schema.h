/*
 * The database this program was written for: the number of the last file in
 * sql/migrations. api.schema_version() answers the same number, or a worker
 * refuses to work with that database.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#define TESSERA_SCHEMA_VERSION	5

#endif
