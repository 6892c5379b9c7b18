/* A shared object that is no plugin. */
int softmax_audit_silent(void);
int softmax_audit_silent(void) { return 0; }
