/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree behind a configuration: mappings, lists and scalars, each with the place it comes from. All nodes
 * and texts live in the config's arena.
 */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include "base/arena.h"
#include "config/config.h"

enum node_kind { NODE_SCALAR, NODE_MAPPING, NODE_LIST };
enum node_origin { NODE_DEFAULT, NODE_FILE, NODE_ENVIRONMENT, NODE_WELL_KNOWN, NODE_SET, NODE_OPTION };

struct node_place {
    uint32_t line, column; /* from 1; 0 outside a file */
};

struct node {
    enum node_kind kind;
    enum node_origin origin;
    const char *from; /* name of the environment variable */
    const char *key;  /* NULL for the root and in lists */
    uint32_t key_hash;
    struct node_place key_place, place;
    const char *text;      /* of a scalar, references replaced */
    const char *written;   /* the same as it stands in the file */
    const char *open_file; /* a referenced file that others than its owner may read, or NULL */
    unsigned open_mode;    /* of that file */
    bool empty;            /* nothing or null was written */
    struct node *parent, *first, *last, *next;
};

struct config {
    struct arena arena;
    const char *file;   /* NULL: none */
    const char *folder; /* of the file with its '/', "" for the working directory */
    struct node root;
    unsigned file_mode; /* its permissions */
    size_t n_nodes;     /* of the file */
};

/* NULL without memory. */
struct node *node_new(struct config *config, enum node_kind kind, enum node_origin origin);
/* Appends; of a mapping the child's key is set first. */
void node_append(struct node *parent, struct node *child);
void node_set_key(struct node *node, const char *key);
struct node *node_child(const struct node *mapping, const char *key); /* NULL: absent */

#define NODE_PATH_LIMIT 512 /* bytes of a path with its NUL */

/* One key after the other of a path: NULL at its end; *cursor is NULL after a path that is not well-formed.
 * The key is written into `key`. */
const char *path_next(const char **cursor, char key[NODE_PATH_LIMIT]);
/* Appends a key to a path, quoted if need be; NULL without memory. */
const char *path_join(struct config *config, const char *path, const char *key);
/* The path of a node, for messages; "" for the root. */
const char *node_path(struct config *config, const struct node *node);

/* NULL: absent or not well-formed. */
struct node *node_find(const struct config *config, const char *path);

enum node_set_rule { NODE_REPLACE, NODE_KEEP };
/* Makes the path and gives it a scalar. With NODE_KEEP whatever is there stays. CONFIG when the path is not
 * well-formed or leads through a value that is no mapping (NODE_KEEP: OK, and nothing is done). */
enum sluice_status node_set(struct config *config, const char *path, const char *text,
                            enum node_origin origin, const char *from, enum node_set_rule rule,
                            struct sluice_error *err);

/* "FILE:3:10: store.path: ", "environment NAME: store.path: ", "--set store.path: ", "-o path: ": where a
 * value stands, or its key, for a message. An empty path is left out. */
#define NODE_PREFIX_SIZE 640
enum { NODE_FILE_SHOWN = 400, NODE_PATH_SHOWN = 200 }; /* bytes of a file's name and of a path in a prefix */
int text_shown(const char *text, size_t limit);        /* bytes up to the limit that cut no character */
#define TEXT_SHOWN(text, limit) text_shown(text, limit), (text) /* for %.*s */
void node_prefix(const struct config *config, const struct node *node, const char *path,
                 char ret_prefix[NODE_PREFIX_SIZE]);
void node_key_prefix(const struct config *config, const struct node *node, const char *path,
                     char ret_prefix[NODE_PREFIX_SIZE]);

/* ---- The steps of config_load, one file each -------------------------------------------------------- */

enum sluice_status parse_file(struct config *config, const char *text, size_t size, struct sluice_error *err);
enum sluice_status references_replace(struct config *config, const char *const *environment,
                                      struct sluice_error *err);
enum sluice_status overlay_environment(struct config *config, const char *const *environment,
                                       struct sluice_error *err);
enum sluice_status overlay_assignment(struct config *config, const char *assignment, enum node_origin origin,
                                      struct sluice_error *err);
/* The value of a variable, or NULL. */
const char *environment_find(const char *const *environment, const char *name, size_t length);

#endif
