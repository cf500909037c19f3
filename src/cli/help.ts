/** What `--help` prints. */
export const HELP = `run-record: read, check, normalise, save and compare run records of the Harn runtime.

  run-record show FILE               a summary of the run and its stage tree
  run-record check FILE|FOLDER…      every problem, one a line: file:line:column: severity: message
  run-record normalize FILE          print the normalised record
             --write                   write it to FILE instead
             --diff                    print what would change instead
             --log PATH|auto           merge the questions of that event log
  run-record save FILE               bring derived parts up to date and write FILE
             --to PATH                 write PATH instead
             --diff                    print what would change instead
             --log PATH|auto           merge the questions of that event log
             --publish                 append the run's action graph to that log, as the runtime does on every save
  run-record diff A B                compare two runs
  run-record eval FILE               hold a run against its replay fixture
             --fixture F               or against that one
  run-record batch                   one JSON job a line on stdin, one JSON answer a line on stdout

Options
  --json                    machine-readable output
  --fidelity runtime|lossless
                            lossless (the default) keeps unknown fields, the order of keys and the text of unchanged
                            numbers; runtime gives the bytes the runtime would write. Jobs of batch are run in runtime
                            fidelity unless they, or this option, say otherwise.
  --log PATH|auto           the active event log: a database, or a folder that holds topics; auto looks for .harn/events.sqlite, else
                            .harn/events/topics, from the record's folder up to its base folder. Without it no log is active.
  --rederive                make the derived parts of a later runtime's record again by this version's rules
  --allow-outside           batch: let a save without a path write outside of the job's folder
  --help, --version

Exit codes
  0  done
  1  problems found, runs differ, a fixture is not fulfilled, --diff shows a change, a record is broken
  2  wrong usage, a file that cannot be read or written, a record that is refused

Nothing is written but by normalize --write, save and the save jobs of batch. A failure to publish never fails a save.

batch
  A job is {"op", "cwd", "fidelity"?, …}; paths are relative to cwd, which is absolute.
    {"op": "load",      "path"}            the record as the runtime loads it
    {"op": "normalize", "path"}            the record normalised; nothing is written
    {"op": "save",      "path", "to"?}     saved under "to", else <run id>.json in $HARN_RUN_DIR or <cwd>/.harn-runs
    {"op": "diff",      "left", "right"}   the report of a comparison
    {"op": "evaluate",  "path", "fixture"} the report of a fixture
    {"op": "replay",    "session"}         the events of an agent session, from the event log
  Any job may name the active event log: "log": "file" or "sqlite", and "log_dir", its folder or database. Questions in
  it are merged into the record; a save is published to it.
  An answer is {"ok": true, "text"?, "path"?, "published"?, "events"?} or {"ok": false, "error"}; answers come in the order of the jobs.
`;
