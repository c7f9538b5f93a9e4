# Without an installation every command says how to make one.  REQ: L10
clock 2026-02-17T09:00-05:00
fails 66 customer list
expect err ~ "init"
