// Loaded before every test file of the course: what it leaves open is found and named, and it calls nobody outside.
import './loopback.ts'
import './leaks.ts'
