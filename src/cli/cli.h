/* The command line: finds the action, fills its parameters, shows its result. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Runs one command and returns its exit status (interfaces.md 1: 0, 64 usage, 65 invalid, …). */
int cli_main(int argc, char **argv);

#endif
