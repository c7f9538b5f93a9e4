/* The way in. */
int main(void) { return 0; }
