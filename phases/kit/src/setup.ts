// Loaded before every test file of the course: what it leaves open is found and named.
import './leaks.ts'
